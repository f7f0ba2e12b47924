import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, constants, copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Image } from './build-image.ts'

/** The user `node` of the official images. */
const IMAGE_USER = { uid: 1000, gid: 1000 }
const CHECK_LIMIT_MS = 10_000

export interface RunOptions {
  /** Over that of the image. */
  readonly env?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
}

/** Starts what `docker run` would start: the command alone, the image's variables alone, not as root. */
export function startImage(image: Image, options: RunOptions = {}): ChildProcess {
  const { file, args, how } = prepare(image, options.command ?? image.command, options)
  return spawn(file, args, { ...how, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Runs a command to its end. @throws Error with its output unless it ends with 0 */
export async function runInImage(
  image: Image,
  command: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const { file, args, how } = prepare(image, command, options)
  await promisify(execFile)(file, args, { ...how, timeout: CHECK_LIMIT_MS })
}

function prepare(image: Image, [program = '', ...args]: readonly string[], { env }: RunOptions) {
  if (program !== 'node') throw new Error(`Only node runs here, not ${program}`)
  const node = provideNode(image)
  return {
    file: node,
    args: args.map((word) => (word.startsWith('/') ? join(image.root, word) : word)),
    how: {
      cwd: join(image.root, image.workdir),
      env: { PATH: dirname(node), ...image.env, ...env },
      ...(process.getuid?.() === 0 && IMAGE_USER),
    },
  }
}

/** This Node, where the image's user may read it: a workspace may lie in a home folder that is closed to others. */
function provideNode({ root }: Image): string {
  const node = join(root, 'usr/local/bin/node')
  if (existsSync(node)) return node
  mkdirSync(dirname(node), { recursive: true })
  copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE)
  chmodSync(node, 0o755)
  return node
}
