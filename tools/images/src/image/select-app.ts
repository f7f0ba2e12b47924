import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAppClosure, readManifest, type Manifest } from './find-app-closure.ts'

/** Makes the app and all that it uses into what an image holds. */
const BUNDLER = 'tools/images'
/** Is built by packages for development, which no other project here needs. */
const CONSOLE = 'libs/console'

/**
 * Copies what an image is built of out of the workspace: `manifests/` to install from, and `sources/`.
 *
 * The manifests lose their devDependencies, for npm would install what the tests of libraries need. package-lock.json
 * goes along as it is; npm takes from it what is asked for.
 *
 * @param out a folder that is made; relative to the working directory
 * @throws Error when there is no such app
 */
export function selectApp(root: string, app: string, out: string): void {
  const bundler = { folder: BUNDLER, manifest: readManifest(join(root, BUNDLER)) }
  const projects = [...findAppClosure(root, app), bundler]
  const { name, version, overrides } = readManifest(root)
  const manifests = join(out, 'manifests')
  const workspaces = projects.map(({ folder }) => folder)
  writeManifest(manifests, { private: true, name, version, overrides, workspaces })
  cpSync(join(root, 'package-lock.json'), join(manifests, 'package-lock.json'))
  for (const { folder, manifest } of projects) {
    const wanted = folder === CONSOLE ? manifest : withoutDevelopment(manifest)
    writeManifest(join(manifests, folder), wanted)
    cpSync(join(root, folder), join(out, 'sources', folder), { recursive: true })
    // The whole one would come over the one that was installed from.
    writeManifest(join(out, 'sources', folder), wanted)
  }
}

function withoutDevelopment({ devDependencies: _, ...manifest }: Manifest): Manifest {
  return manifest
}

function writeManifest(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
