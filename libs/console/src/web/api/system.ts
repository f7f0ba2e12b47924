import type {
  AppState,
  BrokerState,
  CacheState,
  RetentionState,
  SendingState,
  ServerState,
  SystemState,
} from '@runnel/contracts/api/system'
import { getJson, type Answer } from './get-json.ts'

export type { AppState, BrokerState, CacheState, RetentionState, SendingState, ServerState, SystemState }

export function getSystem(signal: AbortSignal): Promise<Answer<SystemState>> {
  return getJson('/api/v1/system', {}, signal)
}
