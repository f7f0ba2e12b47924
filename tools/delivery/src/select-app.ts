import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAppClosure, readManifest, type Manifest } from './app-closure.ts'

/**
 * Copies what an image needs out of the workspace: `manifests/` to install from, `sources/` to run.
 *
 * The manifests lose their devDependencies: npm's `--omit=dev` leaves out those of the root alone and would install
 * what the tests of libraries need. package-lock.json goes along as it is; npm takes from it what is asked for.
 *
 * @param out a folder that is made; relative to the working directory
 * @throws Error when there is no such app
 */
export function selectApp(root: string, app: string, out: string): void {
  const closure = findAppClosure(root, app)
  const { name, version, overrides } = readManifest(root)
  const manifests = join(out, 'manifests')
  writeManifest(manifests, { name, version, overrides }, { workspaces: closure.map(({ folder }) => folder) })
  cpSync(join(root, 'package-lock.json'), join(manifests, 'package-lock.json'))
  for (const { folder, manifest } of closure) {
    writeManifest(join(manifests, folder), manifest)
    cpSync(join(root, folder), join(out, 'sources', folder), { recursive: true })
    // The whole one would come over the one that was installed from.
    writeManifest(join(out, 'sources', folder), manifest)
  }
}

function writeManifest(folder: string, { devDependencies: _, ...manifest }: Manifest, more = {}): void {
  mkdirSync(folder, { recursive: true })
  const text = JSON.stringify({ private: true, ...manifest, ...more }, null, 2)
  writeFileSync(join(folder, 'package.json'), `${text}\n`)
}
