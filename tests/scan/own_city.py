"""A small policy of a reader's own city: one rule about contracts, one about parks."""

from __future__ import annotations

OWN_CITY = """\
id: own-city-2024
title: {zh: 本市供地监管办法, en: Supplied land in our city}
document_no: 示范〔2024〕1号
class: zone_incentives
authority: rule
issuer: {zh: 示范市人民政府, en: The city}
effective: {from: 2010-01-01, to: }
source: 示范文本
summary: {zh: 供地满一年须动工。, en: Building starts within a year of supply.}

parameters:
  years_to_start:
    zh: 动工期限
    en: years to start
    unit: 年
    clause: {row: OWN-01, article: 第一条, quote: 供地满一年须动工}
    values: {always: 1}

rules:
  - code: OWN.START
    title: {zh: 供地满一年须动工, en: start within a year of supply}
    asks: {zh: 供地满一年是否动工, en: has building started within a year of supply}
    clauses:
      - {row: OWN-01, article: 第一条, quote: 供地满一年须动工}
    clock:
      from: supplied_on
      limit: add_years(supplied_on, years_to_start)
      missing: missing:supplied_on
    met: start_shown
    breach: as_of > limit_on and not start_shown
    doubts:
      - {when: not told(start_shown), reason: start_gap}
    remedies: [urge]
"""
OWN_PARK = """
  - code: OWN.PARK
    about: park
    title: {zh: 主导产业不超过三个, en: at most three leading industries}
    asks: {zh: 主导产业是否不超过三个, en: are there at most three leading industries}
    clauses:
      - {row: OWN-02, article: 第二条, quote: 主导产业不超过三个}
    clock:
      from: statistics_on
      limit: statistics_on
      missing: missing:statistics_on
    met: leading_count <= 3
    breach: leading_count > 3
    doubts: []
    remedies: [report]
"""
