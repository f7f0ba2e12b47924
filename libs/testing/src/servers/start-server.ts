import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManagedProcess, type ProcessRecipe } from '../managed-process.ts'

export interface ServerOptions {
  /** Default: a free one. */
  readonly port?: number
  /** Folder that keeps the data, written durably. Default: a temporary one, fast and removed by close(). */
  readonly dataDir?: string
}

export interface ServerPlace {
  readonly folder: string
  /** Same as `folder` when that is ours to remove. */
  readonly temporaryFolder: string | undefined
}

/** Creates the data folder, for `user` where one is given. */
export function prepareServer(
  kind: string,
  options: ServerOptions,
  user?: { readonly uid: number; readonly gid: number },
): ServerPlace {
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), `runnel-${kind}-`))
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  return { folder, temporaryFolder: options.dataDir === undefined ? folder : undefined }
}

const LIMITS = { stopMs: 10_000, logChars: 64_000 }

/** @throws Error with the server's log when it does not come up */
export function startServer(recipe: ProcessRecipe): Promise<ManagedProcess> {
  // From the root, for PostgreSQL's user may not read the current folder.
  return ManagedProcess.start({ ...LIMITS, cwd: '/', detached: true, ...recipe })
}
