import { readSettings } from '@runnel/runtime'
import { limitSettings, type ListenerLimits } from '../../src/listeners/settings.ts'

/** The limits of an empty environment, but for those that a test is about. */
export function createTestLimits(limits: Partial<ListenerLimits> = {}): ListenerLimits {
  return { ...readSettings(limitSettings, {}), ...limits }
}
