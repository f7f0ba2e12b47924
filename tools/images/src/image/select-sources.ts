import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAppProjects, readManifest, type Manifest } from './find-app-projects.ts'

/** Bundles the apps, and is installed for that. */
const BUNDLER = 'tools/images'
/** Is built by packages for development, which no other project here needs. */
const CONSOLE = 'libs/console'

/**
 * Copies what the images are built of out of the workspace: `manifests/` to install from, and `sources/`.
 *
 * The manifests lose their devDependencies, for npm would install what the tests of libraries need. package-lock.json
 * is copied as it is; npm installs from it what the manifests ask for.
 *
 * @param out a folder that is made; relative to the working directory
 */
export function selectSources(root: string, out: string): void {
  const bundler = { folder: BUNDLER, manifest: readManifest(join(root, BUNDLER)) }
  const projects = [...findAppProjects(root), bundler]
  const { name, version, overrides } = readManifest(root)
  const manifests = join(out, 'manifests')
  const workspaces = projects.map(({ folder }) => folder)
  writeManifest(manifests, { private: true, name, version, overrides, workspaces })
  cpSync(join(root, 'package-lock.json'), join(manifests, 'package-lock.json'))
  for (const { folder, manifest } of projects) {
    const wanted = folder === CONSOLE ? manifest : withoutDevelopment(manifest)
    writeManifest(join(manifests, folder), wanted)
    cpSync(join(root, folder), join(out, 'sources', folder), { recursive: true })
    // The whole one would replace the one that was installed from.
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
