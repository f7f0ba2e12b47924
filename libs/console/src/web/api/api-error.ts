/** What went wrong with a request, in words for people: the members of a problem+json answer. */
export interface Trouble {
  /** 0 where no answer came. */
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly field?: string | undefined
  readonly expected?: string | undefined
  /** When it is worth trying again. */
  readonly retryAfterMs?: number | undefined
}

/** A request that did not succeed. */
export class ApiError extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble, cause?: unknown) {
    super(trouble.detail, { cause })
    this.trouble = trouble
  }

  /** Passes by itself: trying again later makes sense. */
  get isTransient(): boolean {
    const { status } = this.trouble
    return status === 0 || status === 429 || status === 503 || status === 502 || status === 504
  }
}
