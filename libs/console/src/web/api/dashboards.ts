import type {
  Dashboard,
  DashboardChart,
  DashboardEdit,
  DashboardHead,
  DashboardInput,
  Dashboards,
} from '@runnel/contracts/api/dashboard'
import { getJson, type Answer } from './get-json.ts'
import { sendJson } from './send-json.ts'

export type { Dashboard, DashboardChart, DashboardEdit, DashboardHead }

const DASHBOARDS = '/api/v1/dashboards'

export function getDashboards(signal: AbortSignal): Promise<Answer<Dashboards>> {
  return getJson(DASHBOARDS, {}, signal)
}

export function getDashboard(id: number, signal?: AbortSignal): Promise<Answer<Dashboard>> {
  return getJson(`${DASHBOARDS}/${id}`, {}, signal)
}

export function createDashboard(input: DashboardInput): Promise<Dashboard> {
  return sendJson('POST', DASHBOARDS, input)
}

export function editDashboard(id: number, edit: DashboardEdit): Promise<Dashboard> {
  return sendJson('PATCH', `${DASHBOARDS}/${id}`, edit)
}

export function deleteDashboard(id: number): Promise<void> {
  return sendJson('DELETE', `${DASHBOARDS}/${id}`)
}
