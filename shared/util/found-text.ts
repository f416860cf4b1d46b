import type { Json } from '../domain/json.ts';

const longest = 40;

/** What stands where something else was expected, for the reason of a rejection: `none`, or the value, cut short. */
export function foundText(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return 'none';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
}
