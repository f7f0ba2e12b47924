export { startPlatform, type Platform } from './start-platform.ts'

export type { MailingsOptions } from './scenarios/mailings.ts'
export { OWN_SCENARIOS, SCENARIOS, type OwnScenarioName, type ScenarioName } from './scenarios.ts'
