const MINUTE_MS = 60_000

/** When keys were last used, by the minute, until it is written down. As many entries as there are keys at most. */
export class KeyUses {
  private uses = new Map<string, number>()

  note(keyId: string, nowMs: number): void {
    this.uses.set(keyId, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS)
  }

  /** Hands everything to `write`; what could not be written is kept, and newer uses win. */
  async flush(write: (uses: ReadonlyMap<string, number>) => Promise<void>): Promise<void> {
    const uses = this.uses
    if (uses.size === 0) return
    this.uses = new Map()
    try {
      await write(uses)
    } catch (error) {
      this.uses = new Map([...uses, ...this.uses])
      throw error
    }
  }
}
