/**
 * The builtin functions of OPA with the types that their operands may have
 * (https://www.openpolicyagent.org/docs/policy-reference/builtins). Letters: `z` null, `b` boolean, `n` number,
 * `s` string, `a` array, `o` object, `t` set, `*` any; several letters are a choice. The last is the result.
 */
const written = `
assign * * b; eq * * b; equal * * b; neq * * b; lt * * b; lte * * b; gt * * b; gte * * b
plus n n n; minus nt nt nt; mul n n n; div n n n; rem n n n; abs n n; round n n; ceil n n; floor n n
bits.or n n n; bits.and n n n; bits.negate n n; bits.xor n n n; bits.lsh n n n; bits.rsh n n n
and t t t; or t t t; intersection t t; union t t; set_diff t t t
array.concat a a a; array.slice a n n a; array.reverse a a; array.flatten a a
count atos n; sum at n; product at n; max at *; min at *; sort at a; all at b; any at b
internal.member_2 * * b; internal.member_3 * * * b
to_number nsbz n; cast_array * a; cast_set * t; cast_string * s; cast_boolean * b; cast_null * z; cast_object * o
regex.match s s b; re_match s s b; regex.is_valid * b; regex.find_all_string_submatch_n s s n a
regex.template_match s s s s b; regex.split s s a; regex.globs_match s s b; regex.find_n s s n a
regex.replace s s s s; glob.match s az s b; glob.quote_meta s s
concat s at s; format_int n n s; indexof s s n; indexof_n s s a; lower s s; upper s s; contains s s b
strings.any_prefix_match sat sat b; strings.any_suffix_match sat sat b; startswith s s b; endswith s s b
split s s a; strings.split_n s s n a; replace s s s s; strings.replace_n o s s; trim s s s; trim_left s s s
trim_prefix s s s; trim_right s s s; trim_suffix s s s; trim_space s s; sprintf s a s; strings.reverse s s
strings.render_template s o s; strings.count s s n; substring s n n s
numbers.range n n a; numbers.range_step n n n a; rand.intn s n n
units.parse s n; units.parse_bytes s n; uuid.rfc4122 s s; uuid.parse s o
json.marshal * s; json.marshal_with_options * o s; json.unmarshal s *; json.is_valid s b
json.filter o at *; json.remove o at *; json.patch * a *
json.match_schema so so a; json.verify_schema so a
base64.encode s s; base64.decode s s; base64.is_valid s b; base64url.encode s s
base64url.encode_no_pad s s; base64url.decode s s; hex.encode s s; hex.decode s s
urlquery.encode s s; urlquery.decode s s; urlquery.encode_object o s; urlquery.decode_object s o
yaml.marshal * s; yaml.unmarshal s *; yaml.is_valid s b
object.union o o o; object.union_n a o; object.remove o aot o; object.filter o aot o; object.get o * * *
object.keys o t; object.subset oat oat b
io.jwt.decode s a; io.jwt.decode_verify s o a; io.jwt.verify_rs256 s s b; io.jwt.verify_rs384 s s b
io.jwt.verify_rs512 s s b; io.jwt.verify_ps256 s s b; io.jwt.verify_ps384 s s b; io.jwt.verify_ps512 s s b
io.jwt.verify_es256 s s b; io.jwt.verify_es384 s s b; io.jwt.verify_es512 s s b; io.jwt.verify_hs256 s s b
io.jwt.verify_hs384 s s b; io.jwt.verify_hs512 s s b; io.jwt.verify_eddsa s s b
io.jwt.encode_sign_raw s s s s; io.jwt.encode_sign o o o s
time.now_ns n; time.parse_ns s s n; time.parse_rfc3339_ns s n; time.parse_duration_ns s n; time.format an s
time.date an a; time.clock an a; time.weekday an s; time.add_date n n n n n; time.diff an an a
crypto.md5 s s; crypto.sha1 s s; crypto.sha256 s s; crypto.hmac.md5 s s s; crypto.hmac.sha1 s s s
crypto.hmac.sha256 s s s; crypto.hmac.sha512 s s s; crypto.hmac.equal s s b
crypto.x509.parse_certificates s a; crypto.x509.parse_and_verify_certificates s a
crypto.x509.parse_and_verify_certificates_with_options s o a; crypto.x509.parse_certificate_request s o
crypto.x509.parse_rsa_private_key s o; crypto.x509.parse_keypair s s o; crypto.parse_private_keys s a
walk * a; graph.reachable o at t; graph.reachable_paths o at t
graphql.parse os os a; graphql.parse_and_verify os os a; graphql.parse_query s o; graphql.parse_schema s o
graphql.is_valid os os b; graphql.schema_is_valid os b
is_number * b; is_string * b; is_boolean * b; is_array * b; is_set * b; is_object * b; is_null * b; type_name * s
http.send o o; net.cidr_contains s s b; net.cidr_contains_matches soat soat t; net.cidr_expand s t
net.cidr_intersects s s b; net.cidr_merge at t; net.cidr_is_valid s b; net.cidr_overlap s s b
net.lookup_ip_addr s t; rego.metadata.chain a; rego.metadata.rule *; rego.parse_module s s o; opa.runtime o
trace s b; print * b; uri.parse s o; uri.is_valid * b; providers.aws.sign_req o o n o; semver.compare s s n; semver.is_valid * b
`;

export interface Signature {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: string;
}

const signatures: ReadonlyMap<string, Signature> = new Map(
  written
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', ...types] = line.split(/\s+/);
      return [name, { name, args: types.slice(0, -1), result: types.at(-1) ?? '*' }];
    }),
);

/** The signature of a function that OPA knows, whether it is implemented here or not. */
export function builtinSignature(name: string): Signature | undefined {
  return signatures.get(name);
}

/** The names of all functions that OPA knows. */
export function builtinNames(): readonly string[] {
  return [...signatures.keys()];
}
