import type { Platform } from './start-platform.ts'

export interface ScenarioOptions {
  /** How long the fault, or the load, lasts. */
  readonly seconds: number
  /** Of payloads and of the moments of faults. */
  readonly seed: number
  /** Receives what happens, as it happens. */
  readonly log: (line: string) => void
}

/** Injects a fault into a platform and checks that its promises hold. @throws BrokenPromiseError */
export type Scenario = (platform: Platform, options: ScenarioOptions) => Promise<void>
