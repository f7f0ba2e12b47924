import { AppError } from '@runnel/contracts'
import {
  DashboardEditSchema,
  DashboardInputSchema,
  DashboardSchema,
  DashboardsSchema,
} from '@runnel/contracts/api/dashboard'
import { actorOf, IdParameters, ProblemSchema, type HttpServer } from '@runnel/http'
import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import {
  createDashboard,
  deleteDashboard,
  editDashboard,
  findDashboard,
  listDashboards,
} from '@runnel/repositories-mailings'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { readJsonBodies } from '../requests/read-json-bodies.ts'
import { presentDashboard, presentDashboardHead } from './present-dashboard.ts'

const DASHBOARDS_URL = '/api/v1/dashboards'

/** Requests about dashboards that may wait for the database at once. */
const MAX_QUERIES = 20

const tags = ['dashboards']

type DashboardRouteContext = Pick<Deps, 'database' | 'dashboards'> & { readonly runQuery: RunQuery }

/** Charts of metrics that people keep under a name, and share. */
export function addDashboardRoutes(http: HttpServer, { database, dashboards }: Deps): void {
  const context = { database, dashboards, runQuery: createRunQuery(MAX_QUERIES) }
  void http.register(async (instance) => {
    const scope = instance as unknown as HttpServer
    readJsonBodies(scope)
    addReads(scope, context)
    addWrites(scope, context)
  })
}

function addReads(http: HttpServer, { database, runQuery }: DashboardRouteContext): void {
  http.get(
    DASHBOARDS_URL,
    {
      config: { access: 'dashboards:read' },
      schema: {
        tags,
        summary: 'List all dashboards by name, without their charts',
        response: { 200: DashboardsSchema, default: ProblemSchema },
      },
    },
    async () => ({ items: (await runQuery(() => listDashboards(database))).map(presentDashboardHead) }),
  )
  http.get(
    `${DASHBOARDS_URL}/:id`,
    {
      config: { access: 'dashboards:read' },
      schema: {
        tags,
        summary: 'Read a dashboard',
        params: IdParameters,
        response: { 200: DashboardSchema, default: ProblemSchema },
      },
    },
    async ({ params }) => presentDashboard(await runQuery(() => findDashboard(database, params.id))),
  )
}

function addWrites(http: HttpServer, { database, dashboards, runQuery }: DashboardRouteContext): void {
  http.post(
    DASHBOARDS_URL,
    {
      config: { access: 'dashboards:write' },
      schema: {
        tags,
        summary: 'Create a dashboard',
        body: DashboardInputSchema,
        response: { 201: DashboardSchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const input = { ...request.body, name: request.body.name.trim() }
      const created = await runQuery(() => createDashboard(database, input, actor, dashboards.max))
      return reply
        .code(201)
        .header('location', `${DASHBOARDS_URL}/${created.id}`)
        .send(presentDashboard(created))
    },
  )
  http.patch(
    `${DASHBOARDS_URL}/:id`,
    {
      config: { access: 'dashboards:write' },
      schema: {
        tags,
        summary: 'Rename a dashboard, or replace its charts',
        description:
          'Names the version that was read: 409 where another edit came in between, so that no one’s charts are lost.',
        params: IdParameters,
        body: DashboardEditSchema,
        response: { 200: DashboardSchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const { name, charts } = request.body
      if (name === undefined && charts === undefined)
        throw new AppError('missing_field', 'There is nothing to change: expected /name or /charts', {
          field: '/name',
          expected: '/name or /charts',
        })
      const edit = { ...request.body, ...(name !== undefined && { name: name.trim() }) }
      return presentDashboard(
        await runQuery(() => editDashboard(database, request.params.id, edit, actorOf(request))),
      )
    },
  )
  http.delete(
    `${DASHBOARDS_URL}/:id`,
    {
      config: { access: 'dashboards:write' },
      schema: {
        tags,
        summary: 'Delete a dashboard; the audit keeps what it had',
        params: IdParameters,
        response: { 204: Type.Null(), default: ProblemSchema },
      },
    },
    async (request, reply) => {
      await runQuery(() => deleteDashboard(database, request.params.id, actorOf(request)))
      return reply.code(204).send(null)
    },
  )
}
