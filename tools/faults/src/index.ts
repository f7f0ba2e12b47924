export { BrokenPromiseError } from './ensure.ts'
export { startPlatform, type Platform } from './platform.ts'
export type { Scenario, ScenarioOptions } from './scenario.ts'
export { SCENARIOS, type ScenarioName } from './scenarios.ts'
