import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The members of a package.json that matter here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly overrides?: unknown
}

/** A package of this workspace. */
export interface Project {
  /** Relative to the root, e.g. `libs/cache`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** @throws Error when there is none, or it is no JSON */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/**
 * An app and every project that it needs in production, itself among them, by folder.
 *
 * Runs in the image's first stage, before anything is installed: only Node's own modules.
 *
 * @throws Error when there is no such app
 */
export function findAppClosure(root: string, app: string): Project[] {
  const projects = new Map(
    globSync('{apps,libs,libs/repositories,tools}/*/package.json', { cwd: root }).map((file) => {
      const folder = dirname(file)
      const manifest = readManifest(join(root, folder))
      return [manifest.name, { folder, manifest }]
    }),
  )
  const wanted = [...projects.values()].find(({ folder }) => folder === `apps/${app}`)
  if (wanted === undefined) throw new Error(`There is no app ${JSON.stringify(app)} in apps/`)
  const closure = new Set<Project>([wanted])
  // A set that grows while it is walked is walked to its last member.
  for (const { manifest } of closure)
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const project = projects.get(name)
      if (project) closure.add(project)
    }
  return [...closure].sort((a, b) => (a.folder < b.folder ? -1 : 1))
}
