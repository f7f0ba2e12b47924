import type { AccessOptions } from './access-options.ts'

/** What people should know of an app's access, by the name that is shown; each is undefined where all is well. */
export function notesOfAccess(access: AccessOptions | undefined) {
  return { access: () => access?.note, keys: () => access?.keys?.describe?.() }
}
