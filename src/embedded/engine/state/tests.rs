//! What is kept as bytes.

use temporalio_common::protos::temporal::api::common::v1::Payload;

use super::*;

/// How these fields were written at first.
#[derive(Clone, PartialEq, Message)]
struct First {
    #[prost(message, optional, tag = "20")]
    memo: Option<Memo>,
    #[prost(message, optional, tag = "21")]
    search_attributes: Option<SearchAttributes>,
    #[prost(message, optional, tag = "22")]
    user_metadata: Option<UserMetadata>,
}

#[test]
fn what_is_kept_as_bytes_is_on_the_disk_what_it_was_as_messages() {
    let payload = || Payload {
        data: vec![1, 2, 3],
        ..Payload::default()
    };
    let of = |name: &str| [(name.to_owned(), payload())].into();
    let full = First {
        memo: Some(Memo { fields: of("memo") }),
        search_attributes: Some(SearchAttributes {
            indexed_fields: of("attribute"),
        }),
        user_metadata: Some(UserMetadata {
            summary: Some(payload()),
            ..UserMetadata::default()
        }),
    };
    let empty = First {
        memo: Some(Memo::default()),
        search_attributes: Some(SearchAttributes::default()),
        user_metadata: Some(UserMetadata::default()),
    };
    for first in [full, empty, First::default()] {
        let mut state = State::default();
        state.set_memo(first.memo.as_ref());
        state.set_search_attributes(first.search_attributes.as_ref());
        state.set_user_metadata(first.user_metadata.as_ref());
        assert_eq!(state.encode_to_vec(), first.encode_to_vec());

        let read = State::decode(first.encode_to_vec().as_slice()).unwrap();
        assert_eq!(read, state);
        assert_eq!(read.read_memo(), first.memo);
        assert_eq!(read.read_search_attributes(), first.search_attributes);
        assert_eq!(read.read_user_metadata(), first.user_metadata);
    }
}
