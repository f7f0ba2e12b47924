import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { unprivilegedUser } from '@runnel/testing'

/**
 * Folder for the data of servers that `npm run dev` starts: tmp/dev of the checkout. Under root PostgreSQL runs as
 * another user, who cannot enter a checkout below /root; then a folder below /var/tmp that belongs to the checkout.
 */
export function chooseDevDataDir(root: string): string {
  const folder = join(root, 'tmp/dev')
  mkdirSync(folder, { recursive: true })
  const user = unprivilegedUser()
  if (user === undefined || spawnSync('test', ['-x', folder], { ...user, cwd: '/' }).status === 0)
    return folder
  return join('/var/tmp', `runnel-dev-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)
}
