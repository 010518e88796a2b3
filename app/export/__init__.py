"""Export a scene as scripts, data files or an HTML page; scripts consist of checked names and numbers only."""
