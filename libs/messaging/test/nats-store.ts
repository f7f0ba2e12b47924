import type { ManagedProcess } from '@runnel/testing'
import { copyFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StreamSpec } from '../src/index.ts'

/** Of a stopped server: what was stored is gone at its next start. */
export async function forgetStore(server: ManagedProcess): Promise<void> {
  await rm(storeOf(server), { recursive: true, force: true })
}

/** Of a stopped server. @returns a folder that {@link useStore} takes */
export async function copyStore(server: ManagedProcess): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'runnel-nats-'))
  await cp(storeOf(server), copy, { recursive: true })
  return copy
}

/** Makes a stopped server go on with a copy, which is used up, but with the durable as it is now. */
export async function useStore(
  server: ManagedProcess,
  copy: string,
  { stream, durable }: StreamSpec,
): Promise<void> {
  const state = join('jetstream', '$G', 'streams', stream, 'obs', durable, 'o.dat')
  await copyFile(join(storeOf(server), state), join(copy, state))
  await forgetStore(server)
  await cp(copy, storeOf(server), { recursive: true })
  await rm(copy, { recursive: true })
}

function storeOf({ temporaryFolder }: ManagedProcess): string {
  if (temporaryFolder === undefined) throw new Error('Only a store of the test itself is touched')
  return join(temporaryFolder, 'jetstream')
}
