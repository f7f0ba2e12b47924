/** One bar: what was counted from `atMs` until `endMs`. */
export interface Bucket {
  readonly atMs: number
  readonly endMs: number
  readonly total: number
  /** Stacked from the bottom, as in {@link Kind}s. */
  readonly counts: Readonly<Record<string, number>>
}

/** What is distinguished within a bar, with the class that colours it. */
export interface Kind {
  readonly id: string
  readonly label: string
  readonly class: string
}
