"""What lies under and over the parcels of a page: tiles, online maps, the user's own layers."""
