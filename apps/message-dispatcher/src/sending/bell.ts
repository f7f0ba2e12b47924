/** Lets one loop sleep until there is something to do. */
export interface Bell {
  /** Ends the sleep; one that is rung while nobody sleeps ends the next one at once. */
  ring(): void
  /** Sleeps until it is rung, at most `ms`. */
  wait(ms: number): Promise<void>
}

export function createBell(): Bell {
  let rung = false
  let wakeUp: (() => void) | undefined
  return {
    ring() {
      rung = true
      wakeUp?.()
    },
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.max(0, ms))
          wakeUp = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      wakeUp = undefined
      rung = false
    },
  }
}
