import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is removed at the end of the block it was made in. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Where a file of this name would be. */
  path(name: string): string
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'producer-sim-'))
  const path = (name: string) => join(folder, name)
  return {
    path,
    write: async (name, content) => {
      await writeFile(path(name), content)
      return path(name)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
