import type { Scenario } from './scenario.ts'
import { brokerOutage } from './scenarios/broker-outage.ts'
import { databaseOutage } from './scenarios/database-outage.ts'
import { killApps } from './scenarios/kill-apps.ts'
import { redisOutage } from './scenarios/redis-outage.ts'
import { replay } from './scenarios/replay.ts'

/** By the name that a person types; `standalone` is beside them, for it needs no platform. */
export const SCENARIOS = {
  replay,
  'kill-apps': killApps,
  'broker-outage': brokerOutage,
  'database-outage': databaseOutage,
  'redis-outage': redisOutage,
} satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof SCENARIOS
