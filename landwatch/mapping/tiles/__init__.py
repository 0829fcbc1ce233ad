"""Vector tiles of a kept scan: as many parcels as a country has, in MBTiles or PMTiles."""
