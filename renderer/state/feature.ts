import type { ComponentType, ReactNode } from 'react';
import type { FieldName } from '#shared/domain/dimensions.ts';
import type { IconName } from '../ui/icon.tsx';
import type { MenuItem } from '../ui/menu.tsx';
import type { Address } from './address.ts';
import type { Command } from './commands.ts';
import type { Console } from './console.ts';

/** A view of the sidebar. Its id stands in the address and in the command `view.<id>`. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** The keys that lead to it, e.g. `g e`. */
  readonly keys: string;
  readonly component: ComponentType;
  /** Beside its name in the sidebar, e.g. how many plans wait for approval. */
  readonly mark?: ComponentType;
}

/** What the detail panel shows of one kind of selection. It stays in place when another of its kind is selected. */
export interface Detail {
  readonly title: string;
  readonly component: ComponentType<{ readonly id: string }>;
}

/** A value of a field that names a thing: an identity, action, resource, address, credential or policy. */
export interface Entity {
  readonly field: FieldName;
  readonly value: string;
}

/** What can be taken away, by its id. */
export interface RevokeTarget {
  readonly kind: 'identity' | 'credential' | 'session';
  readonly id: string;
  /** Of a credential that the operator holds, where its provider has to be told. */
  readonly credentialType?: string;
}

/** A tab in the detail of an event, after those of its own. */
export interface EventTab {
  readonly id: string;
  readonly title: string;
  /** The key that leads to it, e.g. `4`. */
  readonly keys: string;
  /** What the palette calls it. */
  readonly command: string;
  readonly component: ComponentType<{ readonly id: string }>;
}

/** Everything that a folder of `renderer/features` gives to the console. Parts that it does not need are left out. */
export interface Feature {
  readonly view?: View;
  /** By the kind of the selection in the address, e.g. `event`. */
  readonly details?: Readonly<Record<string, Detail>>;
  /** Commands that are there in every view. Those of its own view a component registers (`useCommands`). */
  readonly commands?: (console: Console) => readonly Command[];
  /** Where a link to this thing leads; null where it has no page for it. The first feature that has one counts. */
  readonly opens?: (entity: Entity) => Partial<Address> | null;
  /** More lines for the menu that everything named has, e.g. “Add to plan”. */
  readonly entityMenu?: (entity: Entity, console: Console) => readonly MenuItem[];
  /** Leads to where access is taken away, with these filled in. The first feature that has one counts. */
  readonly revoke?: (targets: readonly RevokeTarget[], console: Console) => void;
  readonly eventTabs?: readonly EventTab[];
  /** Panels (`ui/panel.tsx`) that stand on the overview below its own. */
  readonly overview?: readonly ComponentType[];
  /** Wraps the console while a case is open, e.g. to take drops on the whole window. */
  readonly provider?: ComponentType<{ readonly children: ReactNode }>;
}
