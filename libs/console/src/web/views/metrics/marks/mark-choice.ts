/** What charts can be marked with, as an address names it in `marks`. */
const MARK_KINDS = ['mailings', 'deploys'] as const

export type MarkKind = (typeof MARK_KINDS)[number]

/** The kinds of marks that an address asks for, e.g. `mailings,deploys`. */
export function readMarkKinds(params: URLSearchParams): readonly MarkKind[] {
  const asked = (params.get('marks') ?? '').split(',')
  return MARK_KINDS.filter((kind) => asked.includes(kind))
}
