import {
  DockerfileParser,
  Copy,
  From,
  JSONInstruction,
  type Instruction,
  type PropertyInstruction,
} from 'dockerfile-ast'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { promisify } from 'node:util'
import { copyContext } from './copy-context.ts'

/** What a Dockerfile made, as folders of this machine. */
export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string
  /** As in the container. */
  readonly workdir: string
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  /** In exec form; anything else is refused. */
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
}

export interface BuildOptions {
  /** The workspace, with Dockerfile and .dockerignore. */
  readonly context: string
  readonly args: Readonly<Record<string, string>>
  /** For the stages: empty, or that of an earlier build, whose stages are taken over where they would be the same. */
  readonly folder: string
  /** Stages of earlier builds into `folder`, as Docker has them in its cache of layers; this build adds its own. */
  readonly cache?: Map<string, Stage>
}

export interface Stage {
  readonly name: string
  readonly root: string
  /** Values of the build's arguments that this stage, or one before it, was built with. */
  readonly given: readonly string[]
  workdir: string
  readonly args: Record<string, string>
  readonly env: Record<string, string>
  user: string
  command: string[]
  healthcheck: string[]
}

interface Build extends BuildOptions {
  readonly stages: Stage[]
}

const RUN_LIMIT_MS = 180_000

/**
 * Carries out the steps of the Dockerfile without a container: each stage is a folder, RUN runs in it with the
 * variables of the stage alone. What the base images hold comes from this machine: node, npm and a shell.
 *
 * @returns the last stage
 * @throws Error when a step fails, or is one that is not understood here
 */
export async function buildImage(options: BuildOptions): Promise<Image> {
  const dockerfile = DockerfileParser.parse(readFileSync(join(options.context, 'Dockerfile'), 'utf8'))
  const build: Build = { ...options, stages: [] }
  for (const steps of splitStages(dockerfile.getInstructions()))
    build.stages.push(await buildStage(steps, build))
  const last = build.stages.at(-1)
  if (last === undefined) throw new Error('The Dockerfile has no stage')
  return last
}

/** What stands before the first FROM is left out: an ARG for base images, which are not fetched here. */
function splitStages(instructions: readonly Instruction[]): Instruction[][] {
  const stages: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.getKeyword() === 'FROM') stages.push([])
    stages.at(-1)?.push(instruction)
  }
  return stages
}

async function buildStage([from, ...steps]: Instruction[], build: Build): Promise<Stage> {
  const name = (from as From).getBuildStage() ?? 'image'
  const asked = steps.filter((step) => step.getKeyword() === 'ARG').flatMap(properties)
  const own = asked.flatMap(([arg]) => build.args[arg] ?? [])
  // A stage without arguments is the same in every build, unless it may copy from one with arguments.
  const given = [...new Set([...(build.stages.at(-1)?.given ?? []), ...own])]
  const key = [name, ...given].join('-')
  const built = build.cache?.get(key)
  if (built) return built
  const stage = startStage(name, join(build.folder, key), given)
  for (const step of steps) {
    const carryOut = STEPS[step.getKeyword()]
    if (carryOut === undefined) throw new Error(`${step.getKeyword()} is not understood here`)
    await carryOut(step, stage, build)
  }
  build.cache?.set(key, stage)
  return stage
}

function startStage(name: string, root: string, given: readonly string[]): Stage {
  mkdirSync(root)
  return { name, root, given, workdir: '/', args: {}, env: {}, user: 'root', command: [], healthcheck: [] }
}

type Step = (instruction: Instruction, stage: Stage, build: Build) => void | Promise<void>

const STEPS: Readonly<Record<string, Step>> = {
  ARG: (instruction, stage, { args }) => {
    for (const [name, fallback] of properties(instruction)) stage.args[name] = args[name] ?? fallback
  },
  ENV: (instruction, stage) => {
    for (const [name, value] of properties(instruction)) stage.env[name] = expand(value, stage)
  },
  WORKDIR: (instruction, stage) => {
    stage.workdir = posix.resolve(stage.workdir, expand(text(instruction), stage))
    mkdirSync(join(stage.root, stage.workdir), { recursive: true })
  },
  USER: (instruction, stage) => void (stage.user = expand(text(instruction), stage)),
  COPY: (instruction, stage, build) => copy(instruction as Copy, stage, build),
  RUN: async (instruction, stage) => {
    await promisify(execFile)('sh', ['-c', text(instruction)], {
      cwd: join(stage.root, stage.workdir),
      env: { ...toolsOf(process.env), ...stage.args, ...stage.env },
      timeout: RUN_LIMIT_MS,
    })
  },
  HEALTHCHECK: (instruction, stage) => {
    stage.healthcheck = execForm('HEALTHCHECK', text(instruction).replace(/^CMD\s+/, ''))
  },
  CMD: (instruction, stage) => {
    stage.command = (instruction as JSONInstruction).getJSONStrings().map((word) => word.getJSONValue())
    if (stage.command.length === 0) throw new Error(`CMD is not in exec form: ${text(instruction)}`)
  },
}

function copy(instruction: Copy, stage: Stage, { stages, context }: Build): void {
  const words = instruction.getArguments().map((argument) => expand(argument.getValue(), stage))
  const [source, target] = words
  if (source === undefined || target === undefined || words.length > 2)
    throw new Error(`COPY takes one source here: ${text(instruction)}`)
  const to = join(stage.root, posix.resolve(stage.workdir, target))
  const from = instruction.getFromFlag()?.getValue()
  if (!from) return copyContext(context, source, to)
  const other = stages.find(({ name }) => name === from)
  if (other === undefined) throw new Error(`COPY --from=${from}: there is no such stage`)
  // Links stay as they are: those of npm workspaces are relative.
  cpSync(join(other.root, source), to, { recursive: true, verbatimSymlinks: true })
}

function properties(instruction: Instruction): [string, string][] {
  return (instruction as PropertyInstruction)
    .getProperties()
    .map((property) => [property.getName(), property.getUnescapedValue() ?? ''])
}

/** The arguments without the flags. */
function text(instruction: Instruction): string {
  return instruction.getArgumentsContent() ?? ''
}

function expand(value: string, { args, env }: Stage): string {
  return value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced: string, bare: string) => {
    const name = braced ?? bare
    return env[name] ?? args[name] ?? ''
  })
}

function execForm(what: string, words: string): string[] {
  if (!words.startsWith('[')) throw new Error(`${what} is not in exec form: ${words}`)
  return JSON.parse(words) as string[]
}

/** What RUN finds of this machine: this Node first, the home folder with npm's cache, and whom its network trusts. */
function toolsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const { HOME = '/', NODE_EXTRA_CA_CERTS: certificates } = env
  return {
    PATH: `${dirname(process.execPath)}:${env['PATH'] ?? ''}`,
    HOME,
    ...(certificates && { NODE_EXTRA_CA_CERTS: certificates }),
  }
}
