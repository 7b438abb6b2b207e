/* What the linker sees of the library begins with hustings_, so that it can be linked beside any
 * other.
 *
 * In these files the names are short. This list makes the long ones of them: whatever is not static
 * and not in it fails tests/install/test_core.py. It stands in front of every declaration: param.h,
 * topology.h, moment.h and rules.h include it, and all others include one of them.
 *
 * Whoever has the library sees long names only: of this list sim/cmake/headers.cmake makes the
 * headers for others, in which types and constants have the prefix, too, and no macro is for names.
 */
#ifndef HUSTINGS_NAMES_H
#define HUSTINGS_NAMES_H

#define article_ask_result hustings_article_ask_result
#define article_elect hustings_article_elect
#define article_flipped hustings_article_flipped
#define article_hear_result hustings_article_hear_result
#define article_master_step hustings_article_master_step
#define article_node_step hustings_article_node_step
#define article_obey hustings_article_obey
#define article_rest hustings_article_rest
#define article_round_begin hustings_article_round_begin
#define article_round_step hustings_article_round_step
#define lease_claims hustings_lease_claims
#define lease_compete hustings_lease_compete
#define lease_compete_on hustings_lease_compete_on
#define lease_follow hustings_lease_follow
#define lease_heard hustings_lease_heard
#define lease_is_overdue hustings_lease_is_overdue
#define lease_look hustings_lease_look
#define lease_renew hustings_lease_renew
#define lease_renewed hustings_lease_renewed
#define lease_resign hustings_lease_resign
#define lease_rest hustings_lease_rest
#define lease_step_down hustings_lease_step_down
#define lease_stepped_down hustings_lease_stepped_down
#define lease_term hustings_lease_term
#define lease_told hustings_lease_told
#define lease_value hustings_lease_value
#define lease_wait hustings_lease_wait
#define lease_woke hustings_lease_woke
#define lease_won hustings_lease_won
#define lock_acquire hustings_lock_acquire
#define lock_ask hustings_lock_ask
#define lock_can_fence hustings_lock_can_fence
#define lock_drop hustings_lock_drop
#define lock_extend hustings_lock_extend
#define lock_is_in_store hustings_lock_is_in_store
#define lock_none hustings_lock_none
#define lock_params hustings_lock_params
#define lock_patient hustings_lock_patient
#define lock_record hustings_lock_record
#define lock_redlock hustings_lock_redlock
#define lock_release hustings_lock_release
#define lock_rest hustings_lock_rest
#define lock_rows hustings_lock_rows
#define lock_sees hustings_lock_sees
#define lock_setnx hustings_lock_setnx
#define lock_step hustings_lock_step
#define lock_text hustings_lock_text
#define lock_token hustings_lock_token
#define lock_ttl_ms hustings_lock_ttl_ms
#define lock_usable hustings_lock_usable
#define moment_find hustings_moment_find
#define moment_rows hustings_moment_rows
#define owner_default hustings_owner_default
#define owner_find hustings_owner_find
#define owner_names hustings_owner_names
#define owner_params hustings_owner_params
#define owner_row_name hustings_owner_row_name
#define owner_row_summary hustings_owner_row_summary
#define owner_topologies hustings_owner_topologies
#define param_high hustings_param_high
#define param_low hustings_param_low
#define param_word hustings_param_word
#define param_word_find hustings_param_word_find
#define process_new hustings_process_new
#define process_shift hustings_process_shift
#define process_step hustings_process_step
#define process_why hustings_process_why
#define process_why_asked hustings_process_why_asked
#define protocol_all_moments hustings_protocol_all_moments
#define protocol_article hustings_protocol_article
#define protocol_asks hustings_protocol_asks
#define protocol_clash hustings_protocol_clash
#define protocol_first_id hustings_protocol_first_id
#define protocol_has_leaders hustings_protocol_has_leaders
#define protocol_has_master hustings_protocol_has_master
#define protocol_has_statuses hustings_protocol_has_statuses
#define protocol_holds_on hustings_protocol_holds_on
#define protocol_is_foreign hustings_protocol_is_foreign
#define protocol_leads_by_claim hustings_protocol_leads_by_claim
#define protocol_lease hustings_protocol_lease
#define protocol_moments hustings_protocol_moments
#define protocol_own_leader hustings_protocol_own_leader
#define protocol_own_lock hustings_protocol_own_lock
#define protocol_reason hustings_protocol_reason
#define protocol_rows hustings_protocol_rows
#define rules_elect hustings_rules_elect
#define settings_choose hustings_settings_choose
#define settings_choose_topology hustings_settings_choose_topology
#define settings_default hustings_settings_default
#define settings_govern hustings_settings_govern
#define settings_governor hustings_settings_governor
#define settings_value hustings_settings_value
#define topology_find hustings_topology_find
#define topology_rows hustings_topology_rows
#define truth_find hustings_truth_find
#define work_step hustings_work_step
#define work_texts hustings_work_texts

#endif
