/** Parameters of one family, e.g. `attr.user=7`, as [user, 7]. */
export function readFamily(params: URLSearchParams, prefix: string): [name: string, value: string][] {
  return [...params]
    .filter(([name]) => name.startsWith(`${prefix}.`) && name.length > prefix.length + 1)
    .map(([name, value]) => [name.slice(prefix.length + 1), value])
}

/** The parameters of a family as a request takes them. */
export function familyParams(params: URLSearchParams, prefix: string): Record<string, string> {
  return Object.fromEntries(readFamily(params, prefix).map(([name, value]) => [`${prefix}.${name}`, value]))
}

/** `user=7` as typed, in two parts; undefined for what is neither. */
export function parsePair(text: string): readonly [name: string, value: string] | undefined {
  const at = text.indexOf('=')
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  return at > 0 && name !== '' && value !== '' ? [name, value] : undefined
}

/** What is wrong with a text of which {@link parsePair} makes nothing. */
export function pairProblem(text: string): string {
  const at = text.indexOf('=')
  if (at < 0) return 'Write a name, = and a value, such as region=eu-west.'
  return text.slice(0, at).trim() === ''
    ? 'The name before = is missing, such as region=eu-west.'
    : 'The value after = is missing, such as region=eu-west.'
}
