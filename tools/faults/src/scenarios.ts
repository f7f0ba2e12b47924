import type { Scenario, ScenarioOptions } from './scenario.ts'
import { brokerOutage } from './scenarios/broker-outage.ts'
import { databaseOutage } from './scenarios/database-outage.ts'
import { gatewayOutage } from './scenarios/gateway-outage.ts'
import { killApps } from './scenarios/kill-apps.ts'
import { mailings } from './scenarios/mailings.ts'
import { oracle } from './scenarios/oracle.ts'
import { redisOutage } from './scenarios/redis-outage.ts'
import { replay } from './scenarios/replay.ts'
import { standalone } from './scenarios/standalone.ts'

/** By the name that a person types. */
export const SCENARIOS = {
  replay,
  'kill-apps': killApps,
  'broker-outage': brokerOutage,
  'database-outage': databaseOutage,
  'redis-outage': redisOutage,
} satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS

/** Those that bring along what they need. */
export const OWN_SCENARIOS = {
  oracle,
  standalone,
  mailings,
  'gateway-outage': gatewayOutage,
} satisfies Record<string, (options: ScenarioOptions) => Promise<void>>

export type OwnScenarioName = keyof typeof OWN_SCENARIOS
