"""EC2's Query protocol: `query` reads a form, `xml` writes the answer."""
