import { spawn } from 'node:child_process'

/**
 * Waits for the end of its standard input: that is the end of the process that started it, whichever way it ended.
 * Then it stops the guarded process, unless that has ended, and removes the folder that would be left behind.
 */
const SCRIPT = `
pid=$1
while read -r word; do
  case $word in
    gone) pid= ;;
    done) exit 0 ;;
  esac
done
if [ -n "$pid" ]; then
  kill -CONT "$pid" 2>/dev/null
  kill -INT "$pid" 2>/dev/null
  for i in 1 2 3 4 5; do kill -0 "$pid" 2>/dev/null || break; sleep 1; done
  kill -KILL "$pid" 2>/dev/null
fi
[ -z "$2" ] || rm -rf "$2" || { sleep 1; rm -rf "$2"; }
`

export interface OrphanGuard {
  /** The process has ended: its pid may soon be another one's. */
  processEnded(): void
  /** All is closed in order: the guard ends and does nothing. */
  release(): void
}

/**
 * Ends a child for the case that this process is killed: no handler of ours runs then.
 *
 * @param folder removed as well; undefined keeps the data
 */
export function startOrphanGuard(pid: number, folder: string | undefined): OrphanGuard {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'runnel-guard', String(pid), folder ?? ''], {
    // A process group of its own: Ctrl-C in the terminal is for us to handle, in order.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  })
  child.unref()
  child.on('error', () => {})
  const input = child.stdin
  input.on('error', () => {})
  if ('unref' in input && typeof input.unref === 'function') input.unref()
  return {
    processEnded: () => void (input.writable && input.write('gone\n')),
    release: () => void (input.writable && input.end('done\n')),
  }
}
