import type { Platform } from './platform.ts'

export interface ScenarioOptions {
  /** How long the fault, or the load, lasts. */
  readonly seconds: number
  /** Of payloads and of the moments of faults. */
  readonly seed: number
  /** Told what happens when. */
  readonly say: (line: string) => void
}

/** Does something terrible to a platform and looks whether its promises hold. @throws BrokenPromiseError */
export type Scenario = (platform: Platform, options: ScenarioOptions) => Promise<void>
