import { AppError } from '@runnel/contracts'

/** Parameters of one family in one request. */
const MAX_MEMBERS = 10

/** `attr.user=7` with the prefix `attr.` gives ['user', '7']. @throws AppError invalid_field */
export function parseFamily(query: object, prefix: string): [name: string, value: string][] {
  const members = Object.entries(query as Record<string, string>)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]): [string, string] => [name.slice(prefix.length), value])
  if (members.length > MAX_MEMBERS) {
    throw new AppError(
      'invalid_field',
      `There are too many ${prefix} parameters: expected at most ${MAX_MEMBERS}`,
      {
        field: prefix,
        expected: `at most ${MAX_MEMBERS}`,
      },
    )
  }
  return members
}
