import type { FieldPath } from '@runnel/contracts/log-query'

/** Where a field of a query may be in an entry. */
export interface MemberPlaces {
  /** The same for the same field. */
  readonly key: string
  /** Names of members from the entry down. */
  readonly paths: readonly FieldPath[]
}

/**
 * `user.id` may be a member `id` of `user`, or a member that is called `user.id`, as OpenTelemetry names its attributes; in
 * `attributes` or in the entry itself. Behind a first name that is written out (`attributes.user.id`, `resource.service.name`), both
 * are looked for, too.
 */
export function memberPlaces(path: FieldPath): MemberPlaces {
  const joined = path.join('.')
  const paths: FieldPath[] = [[joined], ['attributes', joined]]
  if (path.length > 1) paths.push(path, ['attributes', ...path])
  if (path.length > 2) paths.push([path[0]!, path.slice(1).join('.')])
  return { key: JSON.stringify(path), paths }
}
