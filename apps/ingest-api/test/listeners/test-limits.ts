import { LISTENER_LIMITS, type ListenerLimits } from '../../src/listeners/settings.ts'

/** The limits of an empty environment, but for those that a test is about. */
export function createTestLimits(limits: Partial<ListenerLimits> = {}): ListenerLimits {
  return { ...LISTENER_LIMITS, ...limits }
}
