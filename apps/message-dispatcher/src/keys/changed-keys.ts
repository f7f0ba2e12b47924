import type { KeyChanges } from '@runnel/repositories-access'

/** The part of a directory that routes need: what they changed counts everywhere at once. */
export interface ChangedKeys {
  announce(changes: KeyChanges): void
}
