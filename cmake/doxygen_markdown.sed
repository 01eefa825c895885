# Turns README.md and its like into what Doxygen can read: only links to pages stay links, and bold code becomes HTML.
s#^!\[[^]]*\](examples/\([^)]*\))$#\\image html \1#
s#\(\.md\)\#[a-z-]*)#\1)#g
s#\[\([^]]*\)\](\([a-zA-Z0-9_./]*\))#\n\1\n\2\n#g
s#\n\([^\n]*\)\n\([A-Za-z0-9_./]*\.md\)\n#[\1](\2)#g
s#\n\([^\n]*\)\n[^\n]*\n#\1#g
s#\*\*`\([^`]*\)`\*\*#<b><code>\1</code></b>#g
