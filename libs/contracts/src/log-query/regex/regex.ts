/** A range of code points, both ends within it. */
export type CharRange = readonly [first: number, last: number]

/** A set of characters: one of these ranges, or none of them. */
export interface CharSet {
  readonly kind: 'set'
  readonly ranges: readonly CharRange[]
  readonly negated: boolean
}

/**
 * A regular expression of the subset that is matched in linear time: no references to what a group has matched, nothing that looks
 * ahead or behind, and so few repetitions that they can be written out.
 */
export type Regex =
  | CharSet
  /** The start, and the end, of the text. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'sequence'; readonly items: readonly Regex[] }
  | { readonly kind: 'choice'; readonly items: readonly Regex[] }
  /** Without a maximum: any number of times. */
  | { readonly kind: 'repeat'; readonly item: Regex; readonly min: number; readonly max: number | undefined }
