"""landwatch: is every supplied parcel used as law, policy and contract say?

Importing this package loads no pandas, no folium and no database; each verb loads what it needs.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
