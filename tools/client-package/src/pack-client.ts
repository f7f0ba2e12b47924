import { workspaceRoot } from '@runnel/testing'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { toPublished, type WorkspaceManifest } from './to-published.ts'

const PROJECT = join(workspaceRoot, 'libs/client')
const COMPILER = join(workspaceRoot, 'node_modules/typescript/bin/tsc')

/**
 * Compiles @runnel/client to JavaScript and declarations, and packs it as it is published.
 *
 * @param folder where the tarball goes; made where it is missing
 * @returns the tarball
 * @throws Error where it does not compile
 */
export function packClient(folder: string): string {
  // Not within the workspace, where two packages would have one name.
  const staging = mkdtempSync(join(tmpdir(), 'runnel-client-package-'))
  try {
    const project = join(PROJECT, 'tsconfig.publish.json')
    execFileSync(process.execPath, [COMPILER, '-p', project, '--outDir', staging], { stdio: 'inherit' })
    const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as WorkspaceManifest
    const published = toPublished(manifest)
    writeFileSync(join(staging, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`)
    copyFileSync(join(PROJECT, 'README.md'), join(staging, 'README.md'))
    copyFileSync(join(workspaceRoot, 'LICENSE'), join(staging, 'LICENSE'))
    mkdirSync(folder, { recursive: true })
    const printed = execFileSync(
      'npm',
      ['pack', staging, '--pack-destination', resolve(folder), '--silent'],
      {
        encoding: 'utf8',
      },
    )
    return join(resolve(folder), printed.trim())
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}
