import type { ChangedClients, ClientChanges } from '../../api/clients.ts'

interface ChangeAllOptions {
  /** What was previewed and confirmed. */
  readonly changes: Omit<ClientChanges, 'cursor'>
  /** One request of several. */
  readonly send: (changes: ClientChanges) => Promise<ChangedClients>
  /** Called after each with how many have been changed so far. */
  readonly onProgress: (changed: number) => void
}

/** Changes clients, request after request, until none is left. @returns how many */
export async function changeAll({ changes, send, onProgress }: ChangeAllOptions): Promise<number> {
  let changed = 0
  let cursor: string | null | undefined
  while (cursor !== null) {
    const answer: ChangedClients = await send(cursor === undefined ? changes : { ...changes, cursor })
    changed += answer.changed
    cursor = answer.nextCursor
    onProgress(changed)
  }
  return changed
}
