/** Tokens of claims whose answer never came. What they may have leased was never sent, and can be leased again at once. */
export interface LostTokens {
  tokens(): string[]
  /** Does a claim. @throws what it throws */
  watch<T>(token: string, claim: () => Promise<T>): Promise<T>
}

/** The oldest are forgotten: what they leased waits until its lease is over. */
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
        // The statement may still be running: twice the lease is when it is over for sure.
        lost = [...lost, { token, untilMs: monotonicMs() + 2 * leaseMs }].slice(-MAX_TOKENS)
        throw error
      }
    },
  }
}
