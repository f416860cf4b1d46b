import { isObject, type Json, type JsonObject } from '../../domain/json.ts';

/** Resources of EC2 by the prefix of their ids: the name in ARNs, and CloudFormation's type. */
const kinds: ReadonlyMap<string, readonly [arn: string, type: string]> = new Map([
  ['i', ['instance', 'Instance']],
  ['vol', ['volume', 'Volume']],
  ['snap', ['snapshot', 'Snapshot']],
  ['ami', ['image', 'Image']],
  ['sg', ['security-group', 'SecurityGroup']],
  ['sgr', ['security-group-rule', 'SecurityGroupRule']],
  ['subnet', ['subnet', 'Subnet']],
  ['vpc', ['vpc', 'VPC']],
  ['eni', ['network-interface', 'NetworkInterface']],
  ['igw', ['internet-gateway', 'InternetGateway']],
  ['eigw', ['egress-only-internet-gateway', 'EgressOnlyInternetGateway']],
  ['nat', ['natgateway', 'NatGateway']],
  ['rtb', ['route-table', 'RouteTable']],
  ['acl', ['network-acl', 'NetworkAcl']],
  ['eipalloc', ['elastic-ip', 'EIP']],
  ['vpce', ['vpc-endpoint', 'VPCEndpoint']],
  ['vpce-svc', ['vpc-endpoint-service', 'VPCEndpointService']],
  ['pcx', ['vpc-peering-connection', 'VPCPeeringConnection']],
  ['fl', ['vpc-flow-log', 'FlowLog']],
  ['dopt', ['dhcp-options', 'DHCPOptions']],
  ['vgw', ['vpn-gateway', 'VPNGateway']],
  ['cgw', ['customer-gateway', 'CustomerGateway']],
  ['vpn', ['vpn-connection', 'VPNConnection']],
  ['tgw', ['transit-gateway', 'TransitGateway']],
  ['tgw-attach', ['transit-gateway-attachment', 'TransitGatewayAttachment']],
  ['tgw-rtb', ['transit-gateway-route-table', 'TransitGatewayRouteTable']],
  ['lt', ['launch-template', 'LaunchTemplate']],
  ['pl', ['prefix-list', 'PrefixList']],
  ['sir', ['spot-instances-request', 'SpotInstancesRequest']],
  ['sfr', ['spot-fleet-request', 'SpotFleet']],
  ['fleet', ['fleet', 'EC2Fleet']],
  ['cvpn-endpoint', ['client-vpn-endpoint', 'ClientVpnEndpoint']],
  ['tmt', ['traffic-mirror-target', 'TrafficMirrorTarget']],
  ['tmf', ['traffic-mirror-filter', 'TrafficMirrorFilter']],
  ['tms', ['traffic-mirror-session', 'TrafficMirrorSession']],
  ['tmfr', ['traffic-mirror-filter-rule', 'TrafficMirrorFilterRule']],
  ['key', ['key-pair', 'KeyPair']],
  ['cr', ['capacity-reservation', 'CapacityReservation']],
  ['h', ['dedicated-host', 'Host']],
  ['eice', ['instance-connect-endpoint', 'InstanceConnectEndpoint']],
  ['ipam', ['ipam', 'IPAM']],
  ['export-i', ['export-instance-task', 'ExportInstanceTask']],
  ['import-ami', ['import-image-task', 'ImportImageTask']],
]);

/** Snapshots and images belong to no account in their ARN. */
const withoutAccount = new Set(['snap', 'ami']);

export interface Ec2Resource {
  readonly type: string;
  readonly id: string;
  /** Resource part of the ARN. */
  readonly resource: string;
  readonly hasAccount: boolean;
}

/** Members that only narrow down what is looked for, or repeat. */
const passedOver = new Set([
  'filterSet',
  'filters',
  'filter',
  'tagSet',
  'tagSpecificationSet',
  'requestId',
  'ownerId',
]);
const deepest = 8;
const most = 50;

/** The ids that a request or response names, in its order. Ids of EC2 tell by their prefix what they are. */
export function ec2Resources(value: JsonObject | undefined): Ec2Resource[] {
  const found = new Map<string, Ec2Resource>();
  if (value !== undefined) collect(value, false, found, 0);
  return [...found.values()];
}

/** `isId`: the value stands under a name that says that it is an id, so that its form need not prove it. */
function collect(value: Json, isId: boolean, found: Map<string, Ec2Resource>, depth: number): void {
  if (found.size >= most || depth > deepest) return;
  if (typeof value === 'string') {
    const resource = found.has(value) ? null : ec2Resource(value, isId);
    if (resource !== null) found.set(value, resource);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, isId, found, depth + 1);
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'keyName' && typeof inner === 'string' && inner !== '') {
        const id = inner.slice(0, 255);
        found.set(`key-pair/${id}`, {
          type: 'AWS::EC2::KeyPair',
          id,
          resource: `key-pair/${id}`,
          hasAccount: true,
        });
      } else if (inner !== undefined && !passedOver.has(key))
        collect(inner, idName.test(key), found, depth + 1);
    }
  }
}

const idName = /Ids?$/;
const idForm = /^[a-z][a-z-]{0,14}-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** Ids that were made unreadable keep their prefix. */
const looseForm = /^[a-z][a-z-]{0,14}-[0-9A-Za-z]{1,32}$/;

function ec2Resource(text: string, isId: boolean): Ec2Resource | null {
  if (text.length > 48 || !(isId ? looseForm : idForm).test(text)) return null;
  const prefix = text.slice(0, text.lastIndexOf('-'));
  const kind = kinds.get(prefix);
  if (kind === undefined) return null;
  return {
    type: `AWS::EC2::${kind[1]}`,
    id: text,
    resource: `${kind[0]}/${text}`,
    hasAccount: !withoutAccount.has(prefix),
  };
}

/** Type of an ARN of EC2 by its resource's name. */
export function ec2ArnType(name: string): string | null {
  for (const [arn, type] of kinds.values()) if (arn === name) return `AWS::EC2::${type}`;
  return null;
}
