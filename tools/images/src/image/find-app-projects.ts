import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The members of a package.json that matter here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  /** Patterns of folders; of the root alone. */
  readonly workspaces?: readonly string[]
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

/** @throws Error when there is none, or it is not JSON */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/**
 * Every app, and every project that an app needs in production, by folder.
 *
 * Runs in the image's first stage, before anything is installed: only Node's own modules.
 */
export function findAppProjects(root: string): Project[] {
  const files = (readManifest(root).workspaces ?? []).map((pattern) => `${pattern}/package.json`)
  const projects = new Map(
    globSync(files, { cwd: root }).map((file) => {
      const folder = dirname(file)
      const manifest = readManifest(join(root, folder))
      return [manifest.name, { folder, manifest }]
    }),
  )
  const found = new Set<Project>([...projects.values()].filter(({ folder }) => folder.startsWith('apps/')))
  // A set that grows while it is walked is walked to its last member.
  for (const { manifest } of found)
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const project = projects.get(name)
      if (project) found.add(project)
    }
  return [...found].sort((a, b) => (a.folder < b.folder ? -1 : 1))
}
