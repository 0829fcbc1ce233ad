"""What keeps landwatch running unattended: logs, metrics, alerts, locks, the nightly inbox."""
