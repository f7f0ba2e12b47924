/** Tokens of claims whose answer never arrived. What they may have leased was never sent, and can be leased again at once. */
export interface LostTokens {
  tokens(): string[]
  /** Runs a claim, and remembers its token if it fails. @throws what it throws */
  watch<T>(token: string, claim: () => Promise<T>): Promise<T>
}

/** Beyond this, the oldest are forgotten: what they leased waits until its lease expires. */
const MAX_TOKENS = 20

export function createLostTokens(leaseMs: number, monotonicMs: () => number): LostTokens {
  let lost: { token: string; untilMs: number }[] = []
  return {
    tokens() {
      lost = lost.filter(({ untilMs }) => untilMs > monotonicMs())
      return lost.map(({ token }) => token)
    },
    async watch(token, claim) {
      try {
        return await claim()
      } catch (error) {
        // The statement may still be running; after twice the lease its lease has expired for certain.
        lost = [...lost, { token, untilMs: monotonicMs() + 2 * leaseMs }].slice(-MAX_TOKENS)
        throw error
      }
    },
  }
}
