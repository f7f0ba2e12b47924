/** Tags by their names; one without a value has an empty text, one that comes more than once all its values. */
export type Tags = Record<string, string>

/**
 * @param separator between name and value: `:` as DogStatsD has it, `=` in names (Graphite, InfluxDB)
 */
export function parseTags(texts: readonly string[], separator: ':' | '='): Tags {
  // Without a prototype: senders choose the names.
  const tags = Object.create(null) as Tags
  for (const text of texts) {
    if (text === '') continue
    const at = text.indexOf(separator)
    const name = at < 0 ? text : text.slice(0, at)
    const value = at < 0 ? '' : text.slice(at + 1)
    const before = tags[name]
    tags[name] = before === undefined ? value : `${before},${value}`
  }
  return tags
}
