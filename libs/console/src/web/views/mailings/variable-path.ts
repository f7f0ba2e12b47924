/** What a template calls an attribute: with brackets where its name is no plain word. */
export function attributePath(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? `attributes.${name}` : `attributes[${quote(name)}]`
}

/** Liquid has no escapes: a text with one kind of quotes stands in the other. */
function quote(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`
}
